import { t } from '../texts/texts.ts'
import classes from './brand.module.css'

/** The name of the product and its mark. */
export function Brand() {
  return (
    <span className={classes.brand}>
      <svg viewBox="0 0 20 20" aria-hidden="true">
        <path d="M2.5 18V9.5a7.5 7.5 0 0 1 15 0V18" />
        <path className={classes.bars} d="M6.25 5.5V10M10 3.5V11.5M13.75 5.5V10" />
      </svg>
      {t.shell.brand}
    </span>
  )
}
