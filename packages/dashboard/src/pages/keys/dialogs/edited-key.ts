import type { Key, UpdateKeyInput } from '@sallyport/sdk'
import { addressRulesOf } from '../../../format/address-rules.ts'
import { day, instant } from '../../../format/times.ts'
import { type EditFields, listField, valueField } from '../../../parts/edits/fields.ts'
import { t } from '../../../texts/texts.ts'
import { type Expiry, expiryInput } from '../fields/expiry.ts'
import { type Limit, limitsInput, limitsOf } from '../fields/limits.ts'

/** When a key expires now, and what is chosen instead. */
interface EditedExpiry extends Expiry {
  readonly expiresAt: string | null
}

/** What the form of a key has. */
export interface KeyValues {
  readonly name: string
  readonly expiry: EditedExpiry
  readonly roles: readonly string[]
  readonly addresses: string
  readonly limits: readonly Limit[]
}

export function valuesOf(key: Key | null): KeyValues {
  return {
    name: key?.name ?? '',
    expiry: { choice: 'unchanged', date: '', expiresAt: key?.expiresAt ?? null },
    roles: key?.roles ?? [],
    addresses: (key?.addressRules ?? []).join('\n'),
    limits: key === null ? [] : limitsOf(key),
  }
}

const { form } = t.keys

const orNone = (words: readonly string[]): string => (words.length === 0 ? t.parts.none : words.join(', '))

export const FIELDS: EditFields<KeyValues> = {
  name: valueField(
    form.name,
    (name) => name.trim(),
    (name) => name.trim(),
  ),
  expiry: valueField(form.expires, expiryWords),
  roles: listField(t.roles.legend, (role) => role),
  addresses: valueField(form.addresses, (rules) => orNone(addressRulesOf(rules)), addressRulesOf),
  limits: valueField(
    form.limits.title,
    (limits) => orNone(limitsInput(limits).map(({ requests, per }) => t.keys.panel.limit(requests, per))),
    limitsInput,
  ),
}

function expiryWords({ choice, date, expiresAt }: EditedExpiry): string {
  if (choice === 'date') return date === '' ? form.expiries.date : day(Date.parse(`${date}T00:00`))
  if (choice !== 'unchanged') return form.expiries[choice]
  return expiresAt === null ? form.expiries.never : instant(Date.parse(expiresAt))
}

/** What differs from what the form began with, as the API takes it. */
export function changesOf(before: KeyValues, values: KeyValues, nowMs: number): Omit<UpdateKeyInput, 'key'> {
  return {
    ...(!FIELDS.name.isSame(before.name, values.name) && { name: values.name.trim() }),
    ...(!FIELDS.roles.isSame(before.roles, values.roles) && { roles: values.roles }),
    ...expiryInput(values.expiry, nowMs),
    ...(!FIELDS.addresses.isSame(before.addresses, values.addresses) && {
      addressRules: addressRulesOf(values.addresses),
    }),
    ...(!FIELDS.limits.isSame(before.limits, values.limits) && { rateLimits: limitsInput(values.limits) }),
  }
}
