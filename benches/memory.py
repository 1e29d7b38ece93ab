"""Measures the peak memory of a lesson in CPython, lazy and eager, by tracemalloc.

Usage: memory.py numbers N
       memory.py lines FILE

It prints a line for each form: the form, the peak in bytes, the answer.
"""

import sys
import tracemalloc


def count(n):
    for number in range(n):
        yield number


def squares(numbers):
    for number in numbers:
        yield number * number


def lazy_numbers(n):
    return sum(squares(count(int(n))))


def eager_numbers(n):
    numbers = list(range(int(n)))
    squared = [number * number for number in numbers]
    return sum(squared)


def lazy_lines(path):
    with open(path, "rb") as file:
        return sum(len(line.rstrip(b"\n")) for line in file)


def eager_lines(path):
    with open(path, "rb") as file:
        return sum(len(line) for line in file.read().split(b"\n"))


FORMS = {"numbers": (lazy_numbers, eager_numbers), "lines": (lazy_lines, eager_lines)}


def main():
    lesson, argument = sys.argv[1:]
    for form in FORMS[lesson]:
        tracemalloc.start()
        answer = form(argument)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        print(f"{form.__name__}\t{peak}\t{answer}")


main()
