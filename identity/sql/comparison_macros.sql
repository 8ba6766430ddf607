-- What the comparisons ask of two owners. Each has a first value and `more`, null where there is no other.

create or replace macro agrees(value_l, value_r, more_l, more_r) as
  value_l = value_r
  or list_contains(more_l, value_r)
  or list_contains(more_r, value_l)
  or list_has_any(more_l, more_r);

-- The greatest Jaro-Winkler similarity of a value of each.
create or replace macro nearness(value_l, value_r, more_l, more_r) as
  case
    when more_l is null and more_r is null then jaro_winkler_similarity(value_l, value_r)
    else list_max(list_transform(
      list_prepend(value_l, coalesce(more_l, [])),
      lambda x: list_max(list_transform(
        list_prepend(value_r, coalesce(more_r, [])),
        lambda y: jaro_winkler_similarity(x, y)
      ))
    ))
  end;

-- The least number of letters to add, drop or change between a value of each.
create or replace macro typing_errors(value_l, value_r, more_l, more_r) as
  case
    when more_l is null and more_r is null then levenshtein(value_l, value_r)
    else list_min(list_transform(
      list_prepend(value_l, coalesce(more_l, [])),
      lambda x: list_min(list_transform(
        list_prepend(value_r, coalesce(more_r, [])),
        lambda y: levenshtein(x, y)
      ))
    ))
  end;

-- The day with its month and day turned.
create or replace macro turned(day) as substr(day, 1, 5) || substr(day, 9, 2) || '-' || substr(day, 6, 2);

-- The share of the words of the shorter text that the longer one has too, whatever their order.
create or replace macro shared_words(value_l, value_r) as
  len(list_intersect(string_split(value_l, ' '), string_split(value_r, ' ')))
  / least(len(list_distinct(string_split(value_l, ' '))), len(list_distinct(string_split(value_r, ' '))))
