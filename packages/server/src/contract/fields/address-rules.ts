import { ADDRESS_RULES_PER_KEY_MAX } from '@sallyport/core'
import { z } from 'zod'

/** One address or range; a single address becomes the range that holds it alone. */
const addressRule = z.union(
  [
    z.ipv4().transform((address) => `${address}/32`),
    z.ipv6().transform((address) => `${address}/128`),
    z.cidrv4(),
    z.cidrv6(),
  ],
  { error: 'An address rule is an IP address or a range such as 203.0.113.0/24 or 2001:db8::/32.' },
)

export const addressRules = z.array(addressRule).max(ADDRESS_RULES_PER_KEY_MAX)
