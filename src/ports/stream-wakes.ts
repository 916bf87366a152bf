/** The tickets by which a stream's writers wake those who feed functions from it. */
export interface StreamWakes {
  /** Tells these pumps that their shard has more. Lost or doubled tickets do no harm. */
  send(pumps: string[]): Promise<void>
}
