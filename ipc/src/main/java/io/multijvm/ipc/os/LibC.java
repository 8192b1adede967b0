package io.multijvm.ipc.os;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;

/**
 * The C library's functions in use, mapped directly. A result of -1 means failure; {@code errno} is then
 * {@link Native#getLastError()}, kept per thread.
 */
final class LibC {
    static final int AF_UNIX = 1;
    static final int SOCK_STREAM = 1;
    static final int SOCK_SEQPACKET = 5;
    static final int SOCK_CLOEXEC = 0x80000;
    static final int SOCK_NONBLOCK = 0x800;
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int IPPROTO_TCP = 6;
    static final int TCP_NODELAY = 1;
    static final int SOL_SOCKET = 1;
    static final int SO_SNDBUF = 7;
    static final int SO_REUSEADDR = 2;
    static final int SO_ERROR = 4;
    static final int SO_SNDTIMEO = 21;
    static final int SHUT_RDWR = 2;
    static final int MSG_PEEK = 0x2;
    static final int F_GETFL = 3;
    static final int F_SETFL = 4;
    static final int SEEK_END = 2;
    static final int SCM_RIGHTS = 1;
    static final int SHUT_WR = 1;
    static final long SIOCOUTQ = 0x5411;
    static final int MSG_CTRUNC = 0x8;
    static final int MSG_TRUNC = 0x20;
    static final int MSG_DONTWAIT = 0x40;
    static final int MSG_NOSIGNAL = 0x4000;
    static final int MSG_CMSG_CLOEXEC = 0x40000000;
    static final int F_DUPFD_CLOEXEC = 1030;
    static final int O_RDWR = 2;
    static final int O_WRONLY = 1;
    static final int O_CREAT = 0x40;
    static final int O_TRUNC = 0x200;
    static final int O_APPEND = 0x400;
    static final int O_NONBLOCK = 0x800;
    static final int O_CLOEXEC = 0x80000;
    static final int LOCK_SH = 1;
    static final int LOCK_EX = 2;
    static final int LOCK_NB = 4;
    static final int LOCK_UN = 8;
    static final short POLLIN = 1;
    static final short POLLOUT = 4;
    static final int EPOLLIN = 1;
    static final int EPOLL_CTL_ADD = 1;
    static final int EPOLL_CTL_DEL = 2;
    static final int EPOLL_CLOEXEC = 0x80000;
    static final int EFD_FLAGS = 0x80800; // EFD_CLOEXEC | EFD_NONBLOCK
    static final int MFD_CLOEXEC = 1;
    static final int P_PID = 1;
    static final int WNOHANG = 1;
    static final int WEXITED = 4;
    static final int WNOWAIT = 0x0100_0000;
    static final int SYS_PIDFD_OPEN = 434; // the same on every architecture
    static final int FUTEX_WAIT = 0;
    static final int FUTEX_WAKE = 1;
    static final int PROT_READ_WRITE = 3;
    static final int MAP_PLACEHOLDER = 0x4032; // MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS | MAP_NORESERVE
    static final int SEEK_CUR = 1;
    static final int FALLOC_FL_KEEP_SIZE = 1;
    static final int FALLOC_FL_PUNCH_HOLE = 2;
    static final short POSIX_SPAWN_SETPGROUP = 0x02;
    static final short POSIX_SPAWN_SETSIGDEF = 0x04;
    static final short POSIX_SPAWN_SETSIGMASK = 0x08;

    static {
        NativeLibrary.bind(LibC.class);
    }

    private LibC() {}

    /** Has the library loaded; to be called before anything of JNA's that is not here. */
    static void prepare() {}

    /** Native memory. Only from here, so that JNA is never touched before {@link NativeLibrary} has prepared it. */
    static Memory memory(long size) {
        return new Memory(size);
    }

    static native int close(int fd);

    static native int fcntl(int fd, int command, int argument);

    static native int dup2(int from, int to);

    static native int open(String path, int flags, int mode);

    static native long read(int fd, Pointer buffer, long size);

    static native long write(int fd, Pointer buffer, long size);

    static native long pread(int fd, Pointer buffer, long size, long offset);

    static native long lseek(int fd, long offset, int whence);

    static native int fallocate(int fd, int mode, long offset, long size);

    static native long mmap(long address, long size, int protection, int flags, int fd, long offset);

    static native int pipe2(int[] ends, int flags);

    static native int flock(int fd, int operation);

    static native int memfd_create(String name, int flags);

    static native int eventfd(int initial, int flags);

    static native int socketpair(int domain, int type, int protocol, int[] ends);

    static native int socket(int domain, int type, int protocol);

    static native int bind(int fd, Pointer address, int size);

    static native int listen(int fd, int backlog);

    static native int connect(int fd, Pointer address, int size);

    static native int accept4(int fd, Pointer address, Pointer size, int flags);

    static native int shutdown(int fd, int how);

    static native int ioctl(int fd, long request, int[] result);

    static native int getsockname(int fd, Pointer address, Pointer size);

    static native long send(int fd, Pointer bytes, long size, int flags);

    static native long recv(int fd, Pointer bytes, long size, int flags);

    static native long sendmsg(int fd, Pointer message, int flags);

    static native long recvmsg(int fd, Pointer message, int flags);

    /* By address: quicker than by a Pointer, which JNA has to look into. */

    static native long sendmsg(int fd, long message, int flags);

    static native long recvmsg(int fd, long message, int flags);

    static native long send(int fd, long bytes, long size, int flags);

    static native int setsockopt(int fd, int level, int option, Pointer value, int size);

    static native int getsockopt(int fd, int level, int option, Pointer value, Pointer size);

    static native int poll(Pointer descriptors, long count, int timeoutMillis);

    static native int epoll_create1(int flags);

    static native int epoll_ctl(int epoll, int operation, int fd, Pointer event);

    static native int epoll_wait(int epoll, Pointer events, int most, int timeoutMillis);

    static native void _exit(int code);

    static native int kill(int pid, int signal);

    static native int setpgid(int pid, int group);

    static native int getpgid(int pid);

    static native int waitid(int idType, int id, Pointer siginfo, int options);

    static native long syscall(long number, long a, long b);

    /** {@code futex(2)}. */
    static native long syscall(long number, long address, long operation, long value, long timeout, long a, long b);

    static native int posix_spawn(
            int[] pid, String path, Pointer actions, Pointer attributes, Pointer arguments, Pointer environment);

    static native int posix_spawn_file_actions_init(Pointer actions);

    static native int posix_spawn_file_actions_destroy(Pointer actions);

    static native int posix_spawn_file_actions_adddup2(Pointer actions, int from, int to);

    static native int posix_spawn_file_actions_addclose(Pointer actions, int fd);

    static native int posix_spawn_file_actions_addchdir_np(Pointer actions, String path);

    static native int posix_spawnattr_init(Pointer attributes);

    static native int posix_spawnattr_destroy(Pointer attributes);

    static native int posix_spawnattr_setflags(Pointer attributes, short flags);

    static native int posix_spawnattr_setpgroup(Pointer attributes, int group);

    static native int posix_spawnattr_setsigmask(Pointer attributes, Pointer set);

    static native int posix_spawnattr_setsigdefault(Pointer attributes, Pointer set);
}
