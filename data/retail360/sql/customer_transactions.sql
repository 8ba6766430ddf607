-- One row per transaction; some are delivered twice, with another status.
-- Grain: (TRANSACTION_ID), but for second deliveries.
with
  numbered as (
    select
      number_of(range, getvariable('transactions')) as number,
      range >= getvariable('transactions') as is_again
    from range(getvariable('first'), getvariable('last'))
  ),
  sale as (
    select
      number,
      is_again,
      returned_sale(number) is not null as is_return,
      coalesce(returned_sale(number), number) as sale
    from numbered
  ),
  bought as (
    select
      *,
      buyer(sale) as contact,
      sale_channel(sale) as channel,
      item_count(number) as items,
      happened(number, getvariable('transactions')) as second
    from sale
  ),
  local as (select *, country_of_contact(contact) as country from bought),
  priced as (select *, goods_price(sale, items, contact, country) as goods from local),
  charged as (
    select
      *,
      case when has_coupon(sale) and not is_return then goods * 5 // 100 else 0 end as discount,
      case
        when channel in ('ECOMMERCE', 'MOBILE') and not is_return and goods < 500000
          then [499, 459, 399, 150000][1 + [0, 2, 1, 3][1 + country]]
        else 0
      end as shipping,
      case when is_odd(number, 'status') then 'ON_HOLD' when is_again then 'PENDING'
        else sale_status(number)
      end as status
    from priced
  ),
  paid as (
    select
      *,
      (goods - discount) * [8, 20, 19, 12][1 + country] // 100 as tax,
      case
        when is_return and draw(number, 'refund', 2) = 0 then 'REFUND'
        when is_return then 'RETURN'
        when number % 50 = 11 then 'EXCHANGE'
        else 'PURCHASE'
      end as type,
      pick(['CARD', 'CARD', 'CARD', 'CARD', 'MOBILE', 'WALLET', 'CRYPTO', 'CASH'], sale, 'payment')
        as payment
    from charged
  )
select
  transaction_id(number) as TRANSACTION_ID,
  case
    when channel = 'POS' and draw(sale, 'guest', 100) < 10 then null
    when is_odd(number, 'unknown customer') then customer_id(900000000 + number)
    else customer_id(contact)
  end as CUSTOMER_ID,
  channel as CHANNEL,
  told_moment(case when is_odd(number, 'future') then to_come(number) else second end, number)
    as TRANSACTION_DATE,
  type as TRANSACTION_TYPE,
  told_money(
    case when type = 'REFUND' then -1 else 1 end * (goods - discount + tax + shipping), number
  ) as TOTAL_AMOUNT,
  cast(money(tax) as decimal(10, 2)) as TAX_AMOUNT,
  cast(money(shipping) as decimal(10, 2)) as SHIPPING_AMOUNT,
  case
    when is_odd(number, 'currency') then 'XXX'
    else ['USD', 'GBP', 'EUR', 'KZT'][1 + country]
  end as CURRENCY_CODE,
  case when channel <> 'POS' and payment = 'CASH' then 'CARD' else payment end as PAYMENT_METHOD,
  case
    when payment = 'CARD' or (channel <> 'POS' and payment = 'CASH')
      then pick(['VISA', 'VISA', 'VISA', 'MASTERCARD', 'MASTERCARD', 'AMEX', 'DISCOVER'], sale, 'card')
  end as CARD_TYPE,
  case
    when channel = 'POS'
      then store_id(
        case
          when draw(sale, 'at home', 10) < 7 then preferred_store(contact)
          else draw(sale, 'store', getvariable('stores'))
        end
      )
  end as STORE_ID,
  case when channel <> 'POS' then numbered('WEB', sale, 10) end as ONLINE_ORDER_ID,
  case
    when status = 'COMPLETED' and not is_return
      then cast((goods - discount) // [100, 80, 92, 50000][1 + country] as integer)
    else 0
  end as LOYALTY_POINTS_EARNED,
  case when draw(sale, 'redeems', 100) < 6 and not is_return then 100 * (1 + draw(sale, 'points', 5))
    else 0
  end as LOYALTY_POINTS_REDEEMED,
  cast(money(discount) as decimal(10, 2)) as DISCOUNT_AMOUNT,
  case when draw(sale, 'promotion', 100) < 12 then pick(getvariable('promotions'), sale, 'which') end
    as PROMOTION_CODE,
  case when has_coupon(sale) and not is_return then numbered('SAVE5-', sale % 9000, 4) end
    as COUPON_CODE,
  status as TRANSACTION_STATUS,
  case when channel = 'POS' then numbered('E', draw(sale, 'cashier', 5000), 5) end as CASHIER_ID,
  case when channel = 'POS' then numbered('TERM', draw(sale, 'terminal', 12), 2) end as TERMINAL_ID,
  numbered('R', sale, 10) as RECEIPT_NUMBER,
  case when is_return then pick(getvariable('refund_reasons'), number, 'reason') end as REFUND_REASON
from paid
