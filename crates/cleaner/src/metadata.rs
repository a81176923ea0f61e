//! What a page says of its article: titles, people, dates, addresses.
