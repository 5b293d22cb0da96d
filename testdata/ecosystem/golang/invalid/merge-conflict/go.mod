module example.com/demo

go 1.21

<<<<<<< HEAD
require example.org/a v1.0.0
=======
>>>>>>> b
