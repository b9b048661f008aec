import type { ReactNode } from 'react'
import classes from './small-table.module.css'

interface SmallTableProps {
  readonly caption: string
  readonly columns: readonly {
    readonly word: string
    /** Such as `8rem`; what is left over unless given. */
    readonly width?: string
    readonly isNumber?: boolean
    /** Whether it leaves where there is little room. */
    readonly leaves?: boolean
  }[]
  /** Whether long texts take several lines instead of ending early. */
  readonly isWrapping?: boolean
  /** Rows. */
  readonly children: ReactNode
}

/** A short table inside of a section: a few rows that neither scroll nor open. */
export function SmallTable({ caption, columns, isWrapping = false, children }: SmallTableProps) {
  return (
    <div className={classes.frame}>
      <table className={classes.table} data-wrapping={isWrapping || undefined}>
        <caption className={classes.caption}>{caption}</caption>
        <colgroup>
          {columns.map(({ word, width, leaves }) => (
            <col key={word} data-leaves={leaves} style={{ width: width ?? 'auto' }} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {columns.map(({ word, isNumber, leaves }) => (
              <th key={word} scope="col" data-number={isNumber} data-leaves={leaves}>
                {word}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}

/** A share of the most, as a bar in a cell. */
export function Share({ part, most }: { readonly part: number; readonly most: number }) {
  return (
    <div
      className={classes.share}
      style={{ width: `${most === 0 ? 0 : Math.max(1, (part / most) * 100)}%` }}
    />
  )
}
