module slicestat.test/turns

go 1.21
