"""The same form in three libraries, each written as that library's own documentation writes one."""
