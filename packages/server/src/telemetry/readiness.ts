/** Whether requests can be answered, and by which snapshot: what `/readyz` says on both ports. */
export interface Readiness {
  readonly ready: boolean
  readonly revision: number
  /** Since the store last said that there is nothing newer; null before it first did. */
  readonly snapshotAgeSeconds: number | null
}
