const EXPIRIES = ['never', '30', '90', '365', 'date'] as const
type ExpiryChoice = (typeof EXPIRIES)[number] | 'unchanged'

/** When a key is to expire, as it is chosen in a form. */
export interface Expiry {
  readonly choice: ExpiryChoice
  /** Such as `2027-03-01`, for `date`: the key works until the end of that day where the person is. */
  readonly date: string
}

export const CHOICES_OF_NEW: readonly ExpiryChoice[] = EXPIRIES
export const CHOICES_OF_CHANGE: readonly ExpiryChoice[] = ['unchanged', ...EXPIRIES]

const DAY_MS = 24 * 60 * 60_000

export function isChosen({ choice, date }: Expiry): boolean {
  return choice !== 'date' || date !== ''
}

/** What the API takes for it; nothing for what stays. */
export function expiryInput({ choice, date }: Expiry, nowMs: number): { readonly expiresAt?: string | null } {
  switch (choice) {
    case 'unchanged':
      return {}
    case 'never':
      return { expiresAt: null }
    case 'date': {
      const [year = 0, month = 1, day = 1] = date.split('-').map(Number)
      return { expiresAt: new Date(year, month - 1, day + 1).toISOString() }
    }
    default:
      return { expiresAt: new Date(nowMs + Number(choice) * DAY_MS).toISOString() }
  }
}
