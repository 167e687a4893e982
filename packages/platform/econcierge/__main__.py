from econcierge.cli import main

main(prog_name="econcierge")
