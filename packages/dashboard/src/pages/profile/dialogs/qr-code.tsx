import { encode } from 'uqr'
import classes from './qr-code.module.css'

/** The light edge that readers need, in modules (ISO/IEC 18004 section 5.3.8). */
const EDGE = 4

/** A text as a QR code: dark on light in every colour scheme, as readers expect. */
export function QrCode({ label, text }: { readonly label: string; readonly text: string }) {
  const { size, data } = encode(text, { ecc: 'M', border: EDGE })
  const dark = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])))
  return (
    <svg className={classes.code} viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}>
      <path d={dark.join('')} />
    </svg>
  )
}
