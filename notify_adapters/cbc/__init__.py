"""Mobile networks' cell broadcast centres: profiles, payloads, XML, and the ways to reach them."""
