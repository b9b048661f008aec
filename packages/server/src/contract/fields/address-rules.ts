import { ADDRESS_RULES_PER_KEY_MAX } from '@sallyport/core'
import { z } from 'zod'
import { parseAddressRule } from '../../address/address-rules.ts'
import { parsed } from './parsed.ts'

const addressOrRange = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
  error: 'Use an IP address or a range, such as 192.0.2.7, 203.0.113.0/24 or 2001:db8::/32.',
})

/** The addresses and ranges from which a key works. */
export const addressRules = z.array(parsed(addressOrRange, parseAddressRule)).max(ADDRESS_RULES_PER_KEY_MAX)
