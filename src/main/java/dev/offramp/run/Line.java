package dev.offramp.run;

import dev.offramp.request.RowScreening.Judged;

/** One line of a file and what it is; for CSV it may span several. */
record Line(long number, String text, Judged judged) {}
