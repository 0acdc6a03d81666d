-- H2 keeps a commit in memory for up to half a second by default: a killed process would forget the try that it wrote
-- before a call. Nothing is durable for us that is not in the file when commit returns. The setting stays in the database.
set write_delay 0;
