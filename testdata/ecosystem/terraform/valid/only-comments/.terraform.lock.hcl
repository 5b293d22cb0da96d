# nothing

/* still nothing */
