"""What Footwell says to the world outside: phones that push steps, push services. Knows no server and no database."""
