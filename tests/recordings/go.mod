module slicestat.test/recordings

go 1.21
