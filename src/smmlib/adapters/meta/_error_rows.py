"""
Meta's error codes and what class of trouble each is.

Source: error reference, insights error codes and rate limiting pages of the Marketing
API, per-endpoint tables of ad sets and campaigns (2026-05 to 2026-09), and what public
clients saw live (2026-07). A code alone is ambiguous; a subcode, where present, is not.
"""

from __future__ import annotations

ROWS = """
1 - transient - unknown error
1 99 client - unknown; e.g. level does not fit the node
2 - transient - service temporarily unavailable
3 - permission - capability or permission missing for the method
4 - throttle - application request limit
4 1504022 throttle - insights: too many requests (global load)
4 1504039 throttle - insights: too many requests
10 - permission - permission denied to the application
17 - throttle - user/account request limit
17 2446079 throttle - ad-account API level score exceeded
17 1885172 throttle - account spending limit changed over 10 times a day
32 - throttle - page request limit
100 - client - invalid parameter
100 33 client - object missing, not visible, or operation unsupported
100 1487534 client - insights: too much data asked for
100 1504018 client - insights: synchronous request timed out
102 - auth - session invalid
104 - auth - incorrect signature (appsecret_proof)
105 1815630 client - too many parameters in call_to_action value
190 - auth - access token invalid or expired
190 458 auth - app not installed
190 459 auth - user checkpointed (token itself still good)
190 460 auth - password changed
190 463 auth - token expired
190 464 auth - unconfirmed user
190 467 auth - token invalid
190 492 auth - session lacks page role
200 - permission - permission error (200-299)
200 1870034 permission - custom audience terms not accepted
200 1870047 client - audience too small
294 - permission - ads_management permission or allow-listing missing
341 - throttle - application limit
368 - policy - action blocked as abusive or disallowed
506 - client - duplicate post
613 - throttle - custom rate limit
613 1487742 throttle - too many calls for this ad account
613 1487632 throttle - ad set budget changed over 4 times an hour
613 1996 throttle - abrupt change of request volume
801 - client - invalid operation
803 - client - unknown or unreadable object id
900 - client - no such application
2500 - client - error parsing graph query
2635 - version - deprecated ads API version
2641 - client - restricted location
2654 1713092 permission - no write permission for the ad account
2695 - client - ad set limit of an iOS 14 campaign
3018 - client - start date beyond 37 months
80000 - throttle - BUC limit: ads insights
80001 - throttle - BUC limit: pages
80002 - throttle - BUC limit: instagram
80003 - throttle - BUC limit: custom audience
80004 - throttle - BUC limit: ads management
80005 - throttle - BUC limit: lead generation
80006 - throttle - BUC limit: messenger
80009 - throttle - BUC limit: catalog management
80014 - throttle - BUC limit: catalog batch
100 1885272 validation daily_budget budget too low
100 1885650 validation daily_budget budget too low for an update
100 1885621 validation daily_budget budget on both campaign and ad set
100 1487033 validation end_time end time must be in the future
100 1487056 validation - ad set deleted: only name editable
100 1487566 validation - campaign deleted: only name editable
100 1885088 validation - ad archived: only name editable
100 1487007 validation - ad set reached its end date
100 1487225 validation - ad creation limit by daily spend
100 1487694 validation targeting targeting category no longer available
100 1815857 validation bid_amount bid_amount required for this bid strategy
100 1815715 validation destination_type destination_type not valid for the objective
100 1815198 validation frequency_control_specs frequency_control_specs cannot be changed
100 1815946 validation targeting radius with several locations
100 1885364 validation targeting no target location
100 1870199 validation targeting location_types must be removed
100 1885029 validation - page of the ad and of the promoted object differ
100 1885154 validation promoted_object promoted_object.page_id missing on the ad set
100 1885204 validation bid_amount bid must be automatic for this goal
100 1815573 validation - content of an existing creative cannot change
100 1885557 validation - promoted post unavailable
100 2061015 validation object_story_spec link is required
100 1443048 validation object_story_spec object_story_spec ill formed
100 1443226 validation object_story_spec image_hash or image_url required
100 2446388 validation image_hash image of the creative not found
100 1487390 validation - creative could not be created
100 2446383 validation object_story_spec objective needs a website URL
100 2446509 validation destination_type invalid destination type
100 3858079 validation dsa_payor dsa_payor missing
100 3858081 validation dsa_beneficiary dsa_beneficiary missing
100 3858152 validation - ad set lacks beneficiary and payer
100 3858082 validation degrees_of_freedom_spec enrolment not given
100 3858504 validation degrees_of_freedom_spec bundle no longer accepted
100 3858258 validation image_url image URL could not be downloaded
100 1373054 validation call_to_action call_to_action type not understood
100 2446307 validation spend_cap campaign spend cap below the minimum
100 2238055 validation daily_budget campaign budget below the sum needed for its ad sets
100 1487990 validation - too many archived ads
100 3390001 validation - lead form missing
100 1487901 validation daily_budget ad set budget too low, in old answers
2 1504041 client - insights: invalid breakdowns
2 1504042 client - insights: invalid custom metrics
2 1504043 transient - insights: intermittent
2 1504038 transient - insights: synchronous timeout
2 1504044 transient - insights: unknown
-2 2490547 transient - insights: report failed
"""
"""
One error per line: code, subcode, class, blamed parameters, meaning.
"""
