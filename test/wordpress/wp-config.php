<?php
/** WordPress' configuration for the tests: all that differs is in the environment. */

define( 'DB_NAME', 'wordpress' );
define( 'DB_USER', 'root' );
define( 'DB_PASSWORD', '' );
define( 'DB_HOST', 'localhost:' . getenv( 'ONRAMP_WORDPRESS_SOCKET' ) );
define( 'WP_CONTENT_DIR', getenv( 'ONRAMP_WORDPRESS_CONTENT' ) );
define( 'WP_HOME', getenv( 'ONRAMP_WORDPRESS_ORIGIN' ) );
define( 'WP_SITEURL', getenv( 'ONRAMP_WORDPRESS_ORIGIN' ) );
define( 'DISABLE_WP_CRON', true );
define( 'WP_HTTP_BLOCK_EXTERNAL', true );
define( 'FS_METHOD', 'direct' );
define( 'WP_DEBUG', true );
define( 'WP_DEBUG_DISPLAY', false );
define( 'WP_DEBUG_LOG', getenv( 'ONRAMP_WORDPRESS_CONTENT' ) . '/debug.log' );
foreach ( array( 'AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE' ) as $name ) {
	define( $name . '_KEY', $name . ' key of a test' );
	define( $name . '_SALT', $name . ' salt of a test' );
}
$table_prefix = 'wp_';
defined( 'ABSPATH' ) || define( 'ABSPATH', __DIR__ . '/' );
require_once ABSPATH . 'wp-settings.php';
