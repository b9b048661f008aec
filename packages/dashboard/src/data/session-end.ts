/** Whether the session of this page has ended since it was loaded, and no other has begun. */
let hasEnded = false
/** How many parts of the page must not be left. */
let holds = 0
let whenReleased: (() => void) | undefined

export function noteSession(isSignedIn: boolean): void {
  hasEnded = !isSignedIn
}

/** Whether the person was signed in here before, so that the sign-in says why it asks again. */
export function hasSessionEnded(): boolean {
  return hasEnded
}

/** Keeps the page although the session ends. @returns lets it go */
export function holdPage(): () => void {
  holds += 1
  return () => {
    holds -= 1
    if (holds > 0) return
    const leave = whenReleased
    whenReleased = undefined
    leave?.()
  }
}

/** Leaves the page, as soon as nothing holds it. */
export function leaveWhenReleased(leave: () => void): void {
  if (holds === 0) leave()
  else whenReleased = leave
}
