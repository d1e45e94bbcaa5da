module slicestat.bench/targets

go 1.21
