import { count } from '../../format/numbers.ts'

/** Charts of requests over time. */
export const chart = {
  allowed: (interval: string) => `Allowed each ${interval}`,
  refused: (interval: string) => `Refused each ${interval}`,
  values: (allowed: string, refused: string) => `${allowed} allowed, ${refused} refused`,
  label: (interval: string, most: { readonly allowed: number; readonly refused: number }) =>
    `Requests each ${interval}. At most ${count(most.allowed)} allowed and ${count(most.refused)} refused in one.`,
}
