export const DELIVERY_HOURS = ['1', '24', '72', '168'] as const

/** How a new token gets to the person who needs it. */
export interface Delivery {
  readonly way: 'here' | 'link'
  /** For how long a link can be opened. */
  readonly hours: (typeof DELIVERY_HOURS)[number]
}

export const SHOWN_HERE: Delivery = { way: 'here', hours: '24' }

/** What the API takes for it: nothing for a token that is shown here. */
export function deliveryInput({ way, hours }: Delivery): {
  readonly handOver?: { readonly expiresInHours: number }
} {
  return way === 'here' ? {} : { handOver: { expiresInHours: Number(hours) } }
}
