module slicestat.test/faults

go 1.21
