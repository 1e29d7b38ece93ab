"""Counts up, keeps the even numbers, squares and sums: as generators, and as lists.

Usage: generators.py N

It prints a line for each way to write it: the way, nanoseconds per number, the sum.
"""

import statistics
import sys
import time

# How often each way is gone; the median counts.
RUNS = 5


def count(n):
    for number in range(n):
        yield number


def evens(numbers):
    for number in numbers:
        if number % 2 == 0:
            yield number


def squares(numbers):
    for number in numbers:
        yield number * number


def generators(n):
    return sum(squares(evens(count(n))))


def lists(n):
    numbers = list(range(n))
    evens = [number for number in numbers if number % 2 == 0]
    squares = [number * number for number in evens]
    return sum(squares)


def main():
    n = int(sys.argv[1])
    for pipeline in (generators, lists):
        times = []
        for _ in range(RUNS):
            start = time.perf_counter_ns()
            answer = pipeline(n)
            times.append(time.perf_counter_ns() - start)
        per_item = statistics.median(times) / n
        print(f"{pipeline.__name__}\t{per_item:.3f}\t{answer}")


main()
