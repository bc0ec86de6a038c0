-- Schemas that kol-trainer reads and writes, each in the bucket of its name.
CREATE SCHEMA IF NOT EXISTS iceberg.kol_silver WITH (location = 's3://silver/kol_silver');
CREATE SCHEMA IF NOT EXISTS iceberg.kol_gold WITH (location = 's3://gold/kol_gold');
