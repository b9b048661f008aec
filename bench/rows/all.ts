import { KEYS_HUGE, KEYS_LARGE, KEYS_SMALL } from '../settings.ts'
import { authzRow } from './authz.ts'
import { creationsRow } from './creations.ts'
import { decisionRow } from './decision.ts'
import { fleetRow } from './fleet.ts'
import { gateRow } from './gate.ts'
import { importRow } from './import.ts'
import { keyListsRow } from './key-lists.ts'
import { keyLoadRow } from './key-load.ts'
import { betterAuthRow, nginxRow } from './peers.ts'
import { proxyRow } from './proxy.ts'
import type { Row } from './row.ts'
import { authVariantRow } from './auth-variants.ts'
import { scanRow } from './scan.ts'
import { threadsRow } from './threads.ts'
import { usageRow } from './usage.ts'

/** All rows, in the order in which they are measured and printed. */
export const ROWS: readonly Row[] = [
  authzRow(KEYS_SMALL),
  authzRow(KEYS_LARGE),
  authzRow(KEYS_HUGE),
  authVariantRow('repeated JWT'),
  authVariantRow('JWT with key'),
  authVariantRow('Basic'),
  authVariantRow('limited route'),
  proxyRow('2 bytes', 2),
  proxyRow('64 KiB', 64 * 1024),
  decisionRow,
  gateRow,
  threadsRow,
  keyLoadRow('sqlite', KEYS_LARGE),
  keyLoadRow('sqlite', KEYS_HUGE),
  keyLoadRow('postgres', KEYS_LARGE),
  keyLoadRow('postgres', KEYS_HUGE),
  keyListsRow('sqlite'),
  keyListsRow('postgres'),
  usageRow('sqlite'),
  usageRow('postgres'),
  importRow('sqlite'),
  importRow('postgres'),
  creationsRow,
  fleetRow,
  scanRow(1),
  scanRow(50),
  nginxRow(KEYS_SMALL),
  nginxRow(KEYS_LARGE),
  betterAuthRow('sqlite'),
  betterAuthRow('memory'),
]
