"""The shares of everything that makes real customer data hard. README.md says what each does."""

# People and their master records
SECOND_CONTACT = 0.06
"""Of the people in the CRM: entered a second time."""
SECOND_CONTACT_WITHOUT_CARD = 0.4
"""Of the second contacts: the loyalty id is missing."""
SECOND_CONTACT_NEW_EMAIL = 0.35
"""Of the second contacts: with another e-mail address."""
NAME_TYPO = 0.04
"""Of the second contacts: two letters of the first name are swapped."""
CONTACT_WITHOUT_CARD = 0.12
"""Of the first contacts of card holders: the loyalty id is missing."""
CARD_HOLDER_IN_CRM = 0.85
"""Of the card holders: also a CRM contact. Who has no card is in the CRM."""
MISSING_BIRTH_CRM = 0.08
MISSING_BIRTH_CARD = 0.03
MISSING_EMAIL = 0.06
"""Of the master records."""
MISSING_PHONE = 0.08
PLACEHOLDER_EMAIL = 0.015
"""Of the master records: something typed to get past the field."""
PLACEHOLDER_PHONE = 0.025
RECYCLED_PHONE = 0.006
"""Of the customers: the number was another customer's, whose records still show it."""

# Households
IN_HOUSEHOLD = 0.16
"""Of the customers: shares a telephone, an e-mail address or a tablet with relatives."""
HOUSEHOLD_SIZES = {2: 0.55, 3: 0.30, 4: 0.15}
HOUSEHOLD_SHARES = {  # (phone, e-mail, tablet): share of the households
    (True, False, False): 0.40,
    (False, False, True): 0.20,
    (True, False, True): 0.15,
    (False, True, False): 0.15,
    (True, True, False): 0.10,
}
OTHER_SURNAME = 0.2
"""Of the relatives."""
UNREGISTERED_HOUSEHOLD_EMAIL = 0.1
"""Of the relatives who share an address: not in their records, but they order with it as guests."""
ON_TABLET = 0.4
"""Of the visits of those who share a tablet."""

# Visits
BORROWED_DEVICE = 0.02
"""Of the visits of customers: on the device of somebody else."""
DEVICES = {1: 0.66, 2: 0.27, 3: 0.07}
LOGIN = 0.5
"""Of the visits of card holders: they log in."""
LOGIN_LATER = 0.35
"""Of these: not on the first page."""
KIOSK_VISIT = 0.12
"""Visits to the screens in the stores, per customer."""
KIOSK_LOGIN = 0.85
CUSTOMERS_PER_KIOSK = 4_000
DUPLICATE_CLICK = 0.002
"""Of the clickstream's rows: delivered twice."""

# Orders
CANCELLED = 0.05
"""Cancelled orders per paid order."""
PENDING = 0.015
LATE_ORDER = 0.002
"""Of the paid orders two to four weeks old: they arrive after all others."""
GUEST_WITH_CUSTOMERS_EMAIL = 0.1
"""Of the people who only buy as guests: they leave the address of a customer, as relatives do."""
GUEST_CHECKOUT = 0.22
"""Of the online orders of known people."""
CARD_SHOWN = 0.9
"""Of the store orders of card holders."""
CARD_AT_LOGIN = 0.5
"""Of the online orders of card holders who log in: the card is noted, too."""
CONTACT_AT_TILL = 0.7
"""Of the store orders of people without a card: looked up in the CRM. Others leave a number."""
GUEST_GIVES_PHONE = 0.4
PLACEHOLDER_ORDER_PHONE = 0.01
FULL_RETURN = 0.6
"""Of the returns: the whole order."""

# Service and consent
TICKET_BY = {"contact": 0.55, "email": 0.25, "phone": 0.20}
TICKET_WITH_CONTACT = 0.15
"""Of the tickets by e-mail or telephone: the CRM contact was found."""
MESSAGE_BY_EMAIL_ONLY = 0.4
"""Of the e-mails of campaigns: the sender knows the address, but not the CRM contact."""
CONSENT_BY_EMAIL = 0.3
"""Of the consent changes: known by an e-mail address alone."""
CONSENT_BY_CARD = 0.5
"""Of the other changes of those who have a card and a contact; the rest names the contact."""
GUEST_CONSENT = 0.3
OPEN_COMPLAINT = 0.03
"""Of the champions who agreed to marketing: an open complaint."""
MARKETING_YES = 0.8083
PERSONALIZATION_YES = 0.72

PLACEHOLDER_EMAILS = (
    "none@none.com",
    "noreply@turanmart.example",
    "test@test.com",
    "null",
    "n/a",
    "",
)
PLACEHOLDER_PHONES = ("0000000000", "1111111111", "1234567890", "null", "")
