"""What providers show of themselves: read from files, laid against what stands, handed out again.

Words: an *entry* is one row of a kind (a site, a doctor, a service, a package, a week's capacity); a *plan* says what
a file would change. `facts` is what is known of how a provider works, which ranking may use and nothing else.
"""
