package io.multijvm.manager;

import java.util.Collection;

/** What an object of a manager is: how it is made in the server, and what stands for it elsewhere. */
enum Kind {
    DICT("dict"),
    LIST("list"),
    SET("set"),
    NAMESPACE("Namespace"),
    VALUE("Value"),
    ARRAY("Array"),
    ITERATOR("Iterator"),
    OWN("object"),
    MANAGER("manager"),
    LOCK("Lock"),
    RLOCK("RLock"),
    SEMAPHORE("Semaphore"),
    BOUNDED_SEMAPHORE("BoundedSemaphore"),
    CONDITION("Condition"),
    EVENT("Event"),
    BARRIER("Barrier"),
    QUEUE("Queue"),
    JOINABLE_QUEUE("JoinableQueue"),
    POOL("Pool"),
    RESULT("AsyncResult");

    static final Kind[] ALL = values();

    private final String pythonName;

    Kind(String pythonName) {
        this.pythonName = pythonName;
    }

    String pythonName() {
        return pythonName;
    }

    /** The object as programs use it. */
    Object proxy(Remote remote) {
        return switch (this) {
            case DICT -> new ManagedMap<>(remote);
            case LIST -> new ManagedList<>(remote);
            case SET -> new ManagedSet<>(remote);
            case NAMESPACE -> new Namespace(remote);
            case VALUE -> new ManagedValue<>(remote);
            case ARRAY -> new ManagedArray<>(remote);
            case ITERATOR -> new ManagedIterator<>(remote);
            case OWN -> OwnProxy.of(remote);
            case MANAGER -> Manager.of(remote);
            case LOCK -> new ManagedLock(remote);
            case RLOCK -> new ManagedReentrantLock(remote);
            case SEMAPHORE -> new ManagedSemaphore(remote);
            case BOUNDED_SEMAPHORE -> new ManagedBoundedSemaphore(remote);
            case CONDITION -> new ManagedCondition(remote);
            case EVENT -> new ManagedEvent(remote);
            case BARRIER -> new ManagedBarrier(remote);
            case QUEUE -> new ManagedQueue<>(remote);
            case JOINABLE_QUEUE -> new ManagedJoinableQueue<>(remote);
            case POOL -> new ManagedPool(remote);
            case RESULT -> new ManagedResult<>(remote);
        };
    }

    /** Makes an object in its server; arguments begin with number 1. */
    ServedObject make(LocalServer server, Call call) {
        return switch (this) {
            case DICT -> new MapObject(call.argument(1));
            case LIST -> new ListObject(call.argument(1));
            case SET -> new SetObject(call.argument(1));
            case NAMESPACE -> new NamespaceObject();
            case VALUE -> new ValueObject(call.argument(1));
            case ARRAY -> new ArrayObject(call.argument(1));
            case LOCK -> new LockObject(false);
            case RLOCK -> new LockObject(true);
            case SEMAPHORE -> new SemaphoreObject(call.<Integer>argument(1), false);
            case BOUNDED_SEMAPHORE -> new SemaphoreObject(call.<Integer>argument(1), true);
            case CONDITION -> new ConditionObject(call.argument(1));
            case EVENT -> new EventObject();
            case BARRIER -> new BarrierObject(call.<Integer>argument(1), call.argument(2), call.argument(3));
            case QUEUE -> new QueueObject(call.<Integer>argument(1), false, call.argument(2));
            case JOINABLE_QUEUE -> new QueueObject(call.<Integer>argument(1), true, QueueItems.Order.FIFO);
            case POOL -> new PoolObject(server, PoolObject.create(call.<Integer>argument(1), call.argument(2)));
            case ITERATOR, OWN, MANAGER, RESULT -> throw new IllegalArgumentException("not made like that: " + this);
        };
    }

    /** What {@link Remote#detail} is to be of an object that is made so: a typecode, and an array's length. */
    String detail(Call call) {
        return switch (this) {
            case VALUE -> call.argument(2);
            case ARRAY ->
                call.<String>argument(2) + call.<Collection<?>>argument(1).size();
            default -> "";
        };
    }
}
