-- What systems write into typed files: every value is of its type.
create or replace macro told_money(cents, number) as money(cents);

create or replace macro told_moment(second, number) as moment(second);

create or replace macro told_count(value, number) as cast(value as integer);
