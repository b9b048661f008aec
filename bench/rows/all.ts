import { KEYS_LARGE, KEYS_SMALL } from '../settings.ts'
import { authzRow } from './authz.ts'
import { decisionRow } from './decision.ts'
import { keyLoadRow } from './key-load.ts'
import { betterAuthRow, nginxRow } from './peers.ts'
import { proxyRow } from './proxy.ts'
import type { Row } from './row.ts'
import { wayInRow } from './ways-in.ts'

/** Every row, in the order in which they are measured and told of. */
export const ROWS: readonly Row[] = [
  authzRow(KEYS_SMALL),
  authzRow(KEYS_LARGE),
  wayInRow('repeated JWT'),
  wayInRow('JWT with key'),
  wayInRow('Basic'),
  wayInRow('limited route'),
  proxyRow('2 bytes', 2),
  proxyRow('64 KiB', 64 * 1024),
  decisionRow,
  keyLoadRow,
  nginxRow(KEYS_SMALL),
  nginxRow(KEYS_LARGE),
  betterAuthRow('sqlite'),
  betterAuthRow('memory'),
]
