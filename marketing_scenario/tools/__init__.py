from . import graph, schedule
