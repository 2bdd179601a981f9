"""Would a fault be noticed? `make mutants` puts small ones in, one at a time, and runs the tests.

    tests with coverage -> which test runs which line          (covering)
    mutmut's mutators and three of our own -> mutants          (faults)
    a mutant -> other code in a program that is imported       (grafting)
    -> a forked process with the tests of its lines            (trials, tests_of)
    killed and survived, by group, against what is wanted      (__main__)

`equivalent.txt` names the survivors that change nothing which anybody could notice, and why.
"""
