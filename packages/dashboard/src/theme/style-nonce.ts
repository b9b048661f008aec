import { setNonce } from 'get-nonce'

/** The nonce of the page's policy, without which no part of it may add a style. */
export const STYLE_NONCE = document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce ?? ''

// For the style that keeps the page behind a dialog from scrolling.
setNonce(STYLE_NONCE)
