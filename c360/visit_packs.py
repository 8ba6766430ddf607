"""The rule packs of visits: what one is, whose it is not, and how it is classed.

Cut-offs and words as in `c360.rule_packs`.
"""

from decimal import Decimal

from pydantic import Field

from c360.rule_packs import Count, Positive, Words
from c360.section import Section


class SessionRules(Section):
    """What one visit is, which visits are no person's, and which are more than a look."""

    gap_minutes: Positive = Field(default=30, description="longer idle than this ends a visit")
    longest_hours: Positive = Field(default=12, description="a longer visit is cut")
    bot_words: Words = Field(
        default=(
            "bot",
            "crawl",
            "spider",
            "slurp",
            "headless",
            "scrap",
            "selenium",
            "curl/",
            "wget",
        ),
        description="in user agent, browser or device: a machine",
    )
    person_words: tuple[str, ...] = Field(
        default=("cubot",), description="names in which a word of bot_words means nothing"
    )
    bot_events: Count = Field(
        default=100, description="more events than this, too fast, are a machine's"
    )
    bot_events_per_minute: Positive = Field(default=60, description="more are too fast")
    bounce_rate: Decimal = Field(default=Decimal("0.8"), ge=0, le=1, description="more: bounce")
    engaged_seconds: Count = Field(default=1800, description="longer, with engaged_pages: engaged")
    engaged_pages: Count = Field(
        default=10, description="more pages, with engaged_seconds: engaged"
    )
    active_seconds: Count = Field(default=300, description="longer, with active_pages: active")
    active_pages: Count = Field(default=3, description="more pages, with active_seconds: active")
    short_seconds: Count = Field(default=60, description="longer: short; else quick")


class EventTypeRules(Section):
    """The types of events, by what they are called; only letters and digits matter.

    One event may be several things: a product view is a page view too.
    """

    page_views: Words = Field(
        default=(
            *("page_view", "page", "view", "screen_view", "home", "catalog"),
            *("product_view", "category_view"),
        ),
        description="a page or screen was seen",
    )
    product_views: Words = Field(
        default=("product_view", "view_product", "view_item"), description="a product was seen"
    )
    category_views: Words = Field(
        default=("category_view", "view_category", "view_item_list", "catalog"),
        description="a list of products was seen",
    )
    searches: Words = Field(
        default=("search", "view_search_results"), description="something was searched for"
    )
    cart_adds: Words = Field(
        default=("cart_add", "add_to_cart"), description="something went into the cart"
    )
    wishlist_adds: Words = Field(
        default=("wishlist_add", "add_to_wishlist"), description="something was put on a wish list"
    )
    checkouts: Words = Field(
        default=("checkout", "begin_checkout", "checkout_start"), description="the till was reached"
    )
    purchases: Words = Field(
        default=("purchase", "order_placed", "order_complete", "order_completed"),
        description="something was bought: a conversion",
    )
    interactions: Words = Field(
        default=(
            *("click", "scroll", "search", "filter", "share", "review", "chat"),
            *("cart_add", "add_to_cart", "wishlist_add", "add_to_wishlist"),
        ),
        description="the visitor did something",
    )


class IntentRules(Section):
    """What a visitor came for: more than so many of these."""

    cart_adds: Count = Field(default=0, description="purchase_intent")
    wishlist_adds: Count = Field(default=0, description="interest_intent")
    product_views: Count = Field(default=5, description="browse_intent")
    searches: Count = Field(default=3, description="search_intent; else general_browse")


class DeviceRules(Section):
    """The words by which a device is told. Tablets come first: an iPad may call itself mobile."""

    tablet_words: Words = Field(
        default=("tablet", "ipad", "kindle", "playbook", "silk/"), description="tablet"
    )
    mobile_words: Words = Field(
        default=("mobile", "phone", "ipod", "android"), description="mobile"
    )
    desktop_words: Words = Field(
        default=("desktop", "windows", "macintosh", "mac os", "linux", "x11", "cros"),
        description="desktop; else unknown",
    )


class EngagementRules(Section):
    """How much of a visitor's attention a visit had: points for time, pages and actions."""

    seconds_per_point: Positive = Field(default=300, description="seconds that earn a point")
    pages_per_point: Positive = Field(default=5, description="pages that earn a point")
    interactions_per_point: Positive = Field(default=10, description="actions that earn a point")
    most_points_each: Positive = Field(
        default=10, description="at most, of time, pages and actions each"
    )
    points_per_conversion: Count = Field(default=20, description="points of each conversion")
    most_points: Positive = Field(default=50, description="at most, of a visit")


class JourneyRules(Section):
    """How far a visitor got."""

    awareness_seconds: Count = Field(default=120, description="longer: awareness; else discovery")


class ReferrerRules(Section):
    """The words by which the page that led here is told; no page at all is direct."""

    search_words: Words = Field(
        default=("google", "bing", "yahoo", "duckduckgo", "baidu", "yandex", "ecosia"),
        description="search",
    )
    social_words: Words = Field(
        default=("facebook", "instagram", "twitter", "linkedin", "pinterest", "tiktok"),
        description="social",
    )
    email_words: Words = Field(default=("email", "mail", "newsletter"), description="email")
    direct_words: Words = Field(
        default=("direct",), description="direct, as is no word at all; else other"
    )
