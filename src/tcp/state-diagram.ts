/**
 * The states and the ways between them as text, 76 columns wide: on an arrow stands the event, and after the colon what is sent. What
 * may end a connection in every state stands below, and a FIN in SYN-RECEIVED.
 *
 * @see RFC 9293 section 3.3.2, figure 5
 */
export const TCP_STATE_DIAGRAM = `\
                          +--------------+
                          |    CLOSED    |-- active-open: SYN ------.
                          |              |<- close -----------.     |
                          +--------------+                    |     |
                               |    ^                         |     |
                  passive-open |    | close                   |     |
                               v    |                         |     v
                          +--------------+ active-open or +------------+
  .---------------------->|    LISTEN    |-- send: SYN -->|  SYN-SENT  |
  |                       +--------------+                +------------+
  |                               |                           |     |
  |                               | syn: SYN,ACK              |     |
  |                               v                           |     |
  |                       +--------------+                    |     |
  '---- rst-passive ------| SYN-RECEIVED |<- syn: SYN,ACK ----'     |
      .---- close: FIN ---|              |                          |
      |                   +--------------+                          |
      |                           |                                 |
      |                           | ack-of-syn                      |
      |                           v                                 |
      |                   +--------------+                          |
      |                   | ESTABLISHED  |<- syn-ack: ACK ----------'
      |   .-- close: FIN -|              |-- fin: ACK ----------.
      |   |               +--------------+                      |
      |   |                                                     |
      v   v                                                     v
+------------+                                            +------------+
| FIN-WAIT-1 |-- fin: ACK ----------------------.         | CLOSE-WAIT |
|            |-- fin-ack-of-fin: ACK -.         |         +------------+
+------------+                        |         |               |
      |                               |         |               | close:
      | ack-of-fin                    |         |               | FIN
      v                               |         v               v
+------------+                        |   +-----------+   +------------+
| FIN-WAIT-2 |                        |   |  CLOSING  |   |  LAST-ACK  |
+------------+                        |   +-----------+   +------------+
      |                               |         |               |
      |                               |         | ack-of-fin    | ack-of-fin
      |                               v         v               |
      |                   +---------------------------+         |
      '-- fin: ACK ------>|         TIME-WAIT         |         |
                          +---------------------------+         |
                                        |                       |
                                        | timeout-2msl          |
                                        v                       v
                          +--------------------------------------------+
                          |                   CLOSED                   |
                          +--------------------------------------------+

abort and user-timeout lead to CLOSED from every state, rst-active and
rst-passive from every state but LISTEN, which takes no notice of them.
fin in SYN-RECEIVED leads to CLOSE-WAIT: it acknowledges the SYN, too.`;
