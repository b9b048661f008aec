import type { Receipt as ReceiptFacts } from '@sallyport/sdk'
import { count } from '../format/numbers.ts'
import { t } from '../texts/texts.ts'
import classes from './receipt.module.css'
import { State } from './state.tsx'

/** The proof that a change is in force: every gateway on one axis of milliseconds. */
export function Receipt({ receipt }: { readonly receipt: ReceiptFacts }) {
  const { gateways, elapsedMs, revision } = receipt
  return (
    <figure className={classes.receipt} aria-label={t.receipt.label(count(revision))}>
      <ul>
        {gateways.map(({ id, confirmed }) => (
          <li key={id} className={classes.gateway}>
            <span className={classes.id} title={id}>
              {id}
            </span>
            <span className={classes.rail} data-confirmed={confirmed || undefined} />
            <span className={classes.end}>
              {confirmed ? (
                t.receipt.ms(count(Math.round(elapsedMs)))
              ) : (
                <State tone="warn" mark="half">
                  {t.receipt.waiting}
                </State>
              )}
            </span>
          </li>
        ))}
      </ul>
      <figcaption className={classes.caption}>{t.receipt.summary(receipt)}</figcaption>
    </figure>
  )
}
