"""What are things called: countries and blocs in time, products and their revisions, periods, units and currencies?

Every table is a CSV of our own under ``data/``, read at first use and kept. Import the modules one by one
(``from schakel.nomenclature import countries``); importing the package alone loads none of them.
"""
