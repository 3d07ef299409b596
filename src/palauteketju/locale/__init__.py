"""Finnish, Swedish and English: the catalogues, and the commands that compile and check them."""
