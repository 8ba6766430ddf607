-- What systems write into text files: amounts, times and numbers, a few of them in their own way.
create or replace macro told_money(cents, number) as
  case
    when is_odd(number, 'no number') then 'n/a'
    when is_odd(number, 'three decimals') then cast(money(cents) as varchar) || '5'
    else cast(money(cents) as varchar)
  end;

create or replace macro told_moment(second, number) as
  case
    when is_odd(number, 'no time') then '0000-00-00'
    when is_odd(number, 'other zone')
      then strftime(moment(second + 18000), '%Y-%m-%d %H:%M:%S') || '+05:00'
    else strftime(moment(second), '%Y-%m-%dT%H:%M:%SZ')
  end;

create or replace macro told_count(value, number) as
  case when is_odd(number, 'in words') then 'one' else cast(value as varchar) end;
