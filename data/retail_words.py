"""Every word that the Retail 360 sample is made of."""

from collections.abc import Mapping, Sequence

WORDS: Mapping[str, Sequence[str]] = {
    "women": (
        *("Alice", "Amina", "Anna", "Astrid", "Beatrice", "Camila", "Clara", "Dana", "Diana"),
        *("Elena", "Ella", "Emma", "Fatima", "Freya", "Grace", "Hannah", "Ines", "Iris", "Jana"),
        *("Julia", "Karin", "Laura", "Lena", "Leyla", "Lucy", "Maria", "Maya", "Mia", "Nadia"),
        *("Nina", "Nora", "Olga", "Olivia", "Paula", "Rosa", "Ruth", "Sara", "Sofia", "Tessa"),
        *("Vera", "Zoe"),
    ),
    "men": (
        *("Aaron", "Adam", "Aidan", "Anton", "Arman", "Ben", "Carlos", "Daniel", "David", "Denis"),
        *("Elias", "Emil", "Eric", "Felix", "Finn", "Frank", "George", "Hugo", "Ian", "Ivan"),
        *("Jack", "James", "Jonas", "Karl", "Leo", "Liam", "Louis", "Lukas", "Marat", "Marco"),
        *("Max", "Noah", "Oliver", "Oscar", "Paul", "Peter", "Ryan", "Samuel", "Simon", "Theo"),
        *("Victor", "Yusuf"),
    ),
    "name_stems": (
        *("Ash", "Barn", "Beck", "Black", "Brad", "Brook", "Burn", "Clay", "Cran", "Dal", "Down"),
        *("East", "Elm", "Fair", "Fen", "Fox", "Glen", "Gold", "Green", "Hart", "Hay", "Hazel"),
        *("High", "Holl", "Kirk", "Lang", "Lock", "Long", "Mar", "Mill", "Moor", "Nor", "Oak"),
        *("Pem", "Red", "Rock", "Rose", "Sand", "Stan", "Stone", "Thorn", "Wake", "West", "Whit"),
    ),
    "name_endings": (
        *("berg", "brook", "bury", "by", "combe", "den", "don", "feld", "field", "ford", "ham"),
        *("hurst", "land", "ley", "man", "mann", "more", "son", "stone", "ton", "well", "wood"),
        *("worth", "yard"),
    ),
    "providers": ("mail.example", "post.example", "inbox.example", "letters.example"),
    "areas": (
        *("201", "202", "206", "208", "210", "212", "213", "214", "215", "216", "301", "303"),
        *("305", "310", "312", "313", "314", "404", "405", "407", "408", "412", "415", "503"),
        *("512", "602", "612", "617", "702", "713"),
    ),
    "countries": ("USA", "GBR", "DEU", "KAZ"),
    "cities": (
        *("New York", "Chicago", "Houston", "Seattle", "Denver", "Atlanta"),
        *("London", "Leeds", "Bristol", "Glasgow", "Cardiff", "York"),
        *("Berlin", "Hamburg", "Köln", "Leipzig", "Bremen", "Ulm"),
        *("Almaty", "Astana", "Shymkent", "Aktau", "Pavlodar", "Semey"),
    ),
    "states": (
        *("NY", "IL", "TX", "WA", "CO", "GA"),
        *("LN", "LS", "BR", "GL", "CF", "YO"),
        *("BE", "HH", "NW", "SN", "HB", "BW"),
        *("AL", "AS", "SH", "MA", "PA", "AB"),
    ),
    "zips": (
        *("100", "606", "770", "981", "802", "303"),
        *("EC", "LS", "BS", "GW", "CF", "YO"),
        *("101", "200", "506", "041", "281", "890"),
        *("0500", "0100", "1600", "1300", "1400", "0714"),
    ),
    "streets": (
        *("Main St", "Oak Ave", "Maple St", "Park Rd", "Lake Dr", "Hill St", "Church Ln"),
        *("Station Rd", "Mill Ln", "River St", "Garden Way", "Market Sq", "School St", "Abay Ave"),
    ),
    "categories": (
        *("Electronics", "Clothing", "Home", "Beauty", "Sports", "Toys", "Grocery", "Books"),
    ),
    "subcategories": (
        *("Phones", "Audio", "Computers", "Cameras"),
        *("Shirts", "Trousers", "Shoes", "Jackets"),
        *("Kitchen", "Bedding", "Lamps", "Furniture"),
        *("Skin Care", "Hair Care", "Fragrance", "Make-up"),
        *("Running", "Cycling", "Yoga", "Camping"),
        *("Puzzles", "Dolls", "Building", "Games"),
        *("Snacks", "Coffee", "Tea", "Pasta"),
        *("Novels", "Travel", "Cooking", "Comics"),
    ),
    "brands": (
        *("Acme", "Bergo", "Corvo", "Delmar", "Estrel", "Fjord", "Gala", "Harbor", "Indra", "Juno"),
        *("Kestrel", "Lumen", "Mistral", "Nimbus", "Orbit", "Pacer", "Quill", "Rivera"),
    ),
    "colors": ("Black", "White", "Grey", "Blue", "Red", "Green", "Beige"),
    "promotions": ("SPRING10", "SUMMER15", "BACK2SCHOOL", "BLACKFRIDAY", "HOLIDAY20"),
    "refund_reasons": ("damaged", "wrong size", "not as described", "changed mind", "late"),
    "traffic_sources": ("DIRECT", "GOOGLE", "GOOGLE", "FACEBOOK", "EMAIL", "AFFILIATE"),
    # What a traffic source is seen as by the site, one by one.
    "referrers": (
        "",
        "https://www.google.com/",
        "https://www.google.com/",
        "https://www.facebook.com/",
        "https://email.retail360.example/",
        "https://deals.example/",
    ),
    "looking_steps": (
        *("product", "product", "product", "category", "category", "results", "search", "zoom"),
        *("scroll", "scroll", "scroll", "zoom", "home", "help", "account", "wishlist"),
    ),
    "buying_steps": ("product", "product", "product", "cart", "cart", "zoom", "scroll", "search"),
    "occasions": (
        *("Spring Sale", "Summer Days", "Back to School", "Autumn Picks", "Black Friday"),
        *("Holiday Gifts", "New Year", "Loyalty Week", "Welcome", "Come Back"),
    ),
    "subjects": (
        "new in this week",
        "20% off, today only",
        "your points are waiting",
        'the "must-haves" of the season',
    ),
    "contents": (
        "See what is new, picked for you.",
        "Prices are down until Sunday.\nFree shipping, too.",
        "Redeem your points before they expire.",
    ),
    "questions": (
        "Where is my order?",
        "Charged twice",
        "Cannot sign in",
        "Item arrived damaged",
        "Change of address",
        "Question about points",
    ),
    "descriptions": (
        "The customer asks for the state of the order.",
        "The customer was charged twice, and is upset about it.",
        "Password reset does not work; explained step by step.",
        "Wants a replacement; a photo was sent.",
        "Thanks for the quick help.",
    ),
    "occupations": ("Engineer", "Teacher", "Nurse", "Manager", "Student", "Retired", "Designer"),
    "interests": ("travel", "cooking", "gaming", "gardening", "football", "photography"),
    "keywords": ("quality", "price", "delivery", "service", "returns"),
    "contexts": (
        "Comment under a post",
        "Review of a product",
        "Thread about shops in town",
        "Answer to a campaign",
    ),
}
