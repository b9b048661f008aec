/** Whether the session of this page has ended since it was loaded, and no other has begun. */
let hasEnded = false

export function noteSession(isSignedIn: boolean): void {
  hasEnded = !isSignedIn
}

/** Whether the person was signed in here before, so that the sign-in says why it asks again. */
export function hasSessionEnded(): boolean {
  return hasEnded
}
