module a
go latest
