package io.multijvm.contract;

/** What holds for every process, however its JVM comes about. */
public interface ProcessContract
        extends LifeCycleContract,
                FamilyContract,
                IsolationContract,
                ExitContract,
                SignalContract,
                OptionsContract,
                StartErrorContract {}
