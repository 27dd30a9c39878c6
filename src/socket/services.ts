/** A service that has no business on the open network: what it is called, and by what it was found there. */
export interface Service {
  readonly name: string;
  readonly tcp: boolean;
  readonly udp: boolean;
}

/** Name, ports, and 'udp' where the service is of UDP, too, or alone. */
type Row = readonly [name: string, ports: readonly number[], protocols?: 'both' | 'udp'];

// Databases, caches, queues, search, and what gives control of a machine: none of them is made to face the internet, and many
// ask for no password as they come. Web servers, mail, DNS and SSH are left out: they are meant to be reached.
const ROWS: readonly Row[] = [
  ['Telnet', [23]],
  ['TFTP', [69], 'udp'],
  ['portmapper', [111], 'both'],
  ['NetBIOS', [137, 138], 'udp'],
  ['SNMP', [161], 'udp'],
  ['LDAP', [389], 'both'],
  ['SMB', [139, 445]],
  ['rsync', [873]],
  ['Microsoft SQL Server', [1433]],
  ['Microsoft SQL Server Browser', [1434], 'udp'],
  ['Oracle Database', [1521]],
  ['NFS', [2049], 'both'],
  ['ZooKeeper', [2181]],
  ['the Docker API', [2375, 2376]],
  ['etcd', [2379, 2380]],
  ['MySQL', [3306, 33060]],
  ['Remote Desktop', [3389], 'both'],
  ['Erlang port mapper', [4369]],
  ['PostgreSQL', [5432]],
  ['PgBouncer', [6432]],
  ['AMQP, such as RabbitMQ', [5671, 5672]],
  ['Kibana', [5601]],
  ['VNC', [5900, 5901]],
  ['CouchDB', [5984]],
  ['Redis', [6379, 16379, 26379]],
  ['the Kubernetes API', [6443]],
  ['Neo4j', [7474, 7687]],
  ['Cassandra', [7000, 7199, 9042]],
  ['InfluxDB', [8086]],
  ['Consul', [8300, 8500]],
  ['ClickHouse', [8123, 9000]],
  ['Jupyter', [8888]],
  ['Kafka', [9092]],
  ['Elasticsearch or OpenSearch', [9200, 9300]],
  ['the Node.js inspector', [9229]],
  ['the kubelet API', [10250, 10255]],
  ['memcached', [11211], 'both'],
  ['Ollama', [11434]],
  ['RabbitMQ management', [15672]],
  ['MongoDB', [27017, 27018, 27019]],
  ['Milvus', [19530]],
  ['Qdrant', [6333, 6334]],
];

const BY_PORT: ReadonlyMap<number, Service> = /* @__PURE__ */ new Map(
  ROWS.flatMap(([name, ports, protocols]) => {
    const service: Service = { name, tcp: protocols !== 'udp', udp: protocols !== undefined };
    return ports.map((port) => [port, service] as const);
  }),
);

/** The service that a port is known for; null when it is known for none that is better kept inside. */
export function serviceOf(port: number, protocol: 'tcp' | 'udp'): Service | null {
  const service = BY_PORT.get(port);
  return service?.[protocol] === true ? service : null;
}
