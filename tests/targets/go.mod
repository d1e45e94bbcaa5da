module slicestat.test/targets

go 1.21
