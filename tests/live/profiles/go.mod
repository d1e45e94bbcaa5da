module slicestat.test/profiles

go 1.21
