#!/usr/bin/env bash
# HAProxy before two workers with Redis and MariaDB, all on the loopback interface and below one folder, for as long as a test takes.
# Sourced by `run`.
# In: an empty folder, and the programs of tests/stack/programs in STACK. Out: a stack that answers at the port `front`, with the
# access log of HAProxy in FOLDER/access.log and counters of workers in FOLDER/worker-*.csv; `stop_stack` ends every process of it.
# shellcheck disable=SC2153,SC2154 # settings of `run`

stack=         # the folder
stack_pids=()  # in the order in which they were started
workers=2
threads=4      # of a worker
cores=2        # that its CPU is a share of

# Unpacks the daemons into the folder; 1 if their packages cannot be had.
get_stack() {
  stack=$1
  unpack "$stack" haproxy redis-server mariadb-server || return 1
  local libraries
  libraries=$(dirname "$(find "$stack/root/usr/lib" -name 'liblua5.3.so*' | head -n 1)")
  export PATH="$stack/root/usr/bin:$stack/root/usr/sbin:$PATH"
  export LD_LIBRARY_PATH="$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
}

# A port of the loopback interface that nobody listens on, and that was not given before.
ports=" "
free_port() {
  port=
  while [ -z "$port" ] || [[ $ports == *" $port "* ]] || (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
    port=$((20000 + RANDOM % 12000))
  done
  ports+="$port "
}

# wait_until SECONDS COMMAND...: 1 if the command has not succeeded by then.
wait_until() {
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.1
  done
}
is_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Other jobs of this machine would be measured with the stack. In the real-time class, if that is allowed, they wait for it: it needs
# a fraction of one core.
calm=()
if chrt --rr 10 true 2>/dev/null; then calm=(chrt --rr 10); fi

start_daemon() {
  local log=$1
  shift
  "${calm[@]}" "$@" </dev/null >>"$stack/$log" 2>>"$stack/$log.err" &
  stack_pids+=($!)
}

# 1 if a part of the stack does not answer in time.
start_stack() {
  local redis sql worker servers=
  free_port && redis=$port
  free_port && sql=$port
  free_port && front=$port
  start_daemon redis.log redis-server --port "$redis" --bind 127.0.0.1 --save '' --appendonly no --dir "$stack"
  wait_until 10 redis-cli -p "$redis" ping || return 1
  redis-cli -p "$redis" set page "$(head -c 2000 /dev/zero | tr '\0' x)" >/dev/null

  mariadb-install-db --no-defaults --basedir="$stack/root/usr" --datadir="$stack/sql" --user="$(id -un)" \
    --auth-root-authentication-method=normal --skip-test-db >"$stack/install.log" 2>&1 || return 1
  start_daemon sql.log mariadbd --no-defaults --basedir="$stack/root/usr" --datadir="$stack/sql" --user="$(id -un)" \
    --bind-address=127.0.0.1 --port="$sql" --socket="$stack/sql.socket" --pid-file="$stack/sql.pid" \
    --innodb-buffer-pool-size=64M --skip-name-resolve
  client=(mariadb --no-defaults --protocol=tcp --host=127.0.0.1 --port="$sql" --user=root)
  wait_until 30 "${client[@]}" --execute 'SELECT 1' || return 1
  "${client[@]}" <<'SQL' || return 1
CREATE DATABASE shop;
CREATE TABLE shop.stock (id INT PRIMARY KEY, items BIGINT NOT NULL) ENGINE = InnoDB;
CREATE TABLE shop.orders (id BIGINT AUTO_INCREMENT PRIMARY KEY, placed DATETIME(6) NOT NULL) ENGINE = InnoDB;
INSERT INTO shop.stock VALUES (1, 1000000);
SQL

  for ((worker = 1; worker <= workers; worker++)); do
    free_port
    start_daemon "worker-$worker.log" "$STACK" worker --port "$port" --threads "$threads" --seed "$((seed * 100 + worker))" \
      --redis "$redis" --sql "$sql" --counters "$stack/worker-$worker.csv" --cores "$cores"
    servers+="  server web$worker 127.0.0.1:$port"$'\n'
    wait_until 10 is_open "$port" || return 1
  done

  # The log has the fields of an Application Load Balancer, whose times are seconds: what HAProxy cannot know is `-`.
  # Microseconds that a request has been here, as seconds with six digits.
  local now='date(0,us)'
  seconds() { echo "%[$1,div(1000000)].%[$1,mod(1000000),add(1000000),concat(),bytes(1,6)]"; }
  instant() { echo "%[$1,div(1000000),utime(%Y-%m-%dT%H:%M:%S)].%[$1,mod(1000000),add(1000000),concat(),bytes(1,6)]Z"; }
  local came ended target after
  came=$(instant 'var(txn.began)')
  ended=$(instant "$now")
  target=$(seconds 'var(txn.answered,0)')
  after=$(seconds "$now,sub(txn.began),sub(txn.answered)")
  cat >"$stack/haproxy.cfg" <<CONF
global
  nbthread 1
  maxconn 2000
  log stdout format raw local0
defaults
  mode http
  log global
  option http-server-close
  option dontlognull
  timeout connect 10s
  timeout client 60s
  timeout server 60s
  timeout http-keep-alive 60s
frontend front
  bind 127.0.0.1:$front
  http-request set-var(txn.began) date(0,us)
  http-response set-var(txn.answered) date(0,us),sub(txn.began)
  log-format 'http $ended app/stack/1 %ci:%cp %si:%sp 0.000000 $target $after %ST %ST %U %B "%HM http://shop:80%HU %HV" "-" - - - "-" "-" "-" 0 $came "forward" "-" "-" "%si:%sp" "%ST" "-" "-"'
  default_backend web
backend web
  balance roundrobin
$servers
CONF
  start_daemon access.log haproxy -db -f "$stack/haproxy.cfg"
  wait_until 10 is_open "$front"
}

# What MariaDB says of waits for rows since it started: how many, and their milliseconds.
row_locks() {
  "${client[@]}" --batch --skip-column-names --execute "SHOW GLOBAL STATUS WHERE Variable_name IN
    ('Innodb_row_lock_waits', 'Innodb_row_lock_time')" | sort | cut -f2 | paste -sd' '
}

stop_stack() {
  local at
  for ((at = ${#stack_pids[@]} - 1; at >= 0; at--)); do kill "${stack_pids[at]}" 2>/dev/null || true; done
  for ((at = ${#stack_pids[@]} - 1; at >= 0; at--)); do wait "${stack_pids[at]}" 2>/dev/null || true; done
  stack_pids=()
}
