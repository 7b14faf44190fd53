/* Without a server a page cannot read another: results of the search are shown by their titles, without an excerpt. */
"use strict";

if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
